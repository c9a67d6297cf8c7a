import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import { LoginButton } from "./LoginButton.tsx";
import type { Listing } from "./useObjects.ts";

/** One line that says what the table shows, and what it cannot show. */
export const ListingState = (properties: {
  listing: Listing;
  reading: boolean;
  shown: number;
  chosen: number;
  token: TokenRow;
  onLogin(): void;
  onRefresh(): void;
}) => {
  const { listing, reading, shown, chosen, token } = properties;
  const total = listing.rows.length;
  const hidden = token.loginRequired && token.login !== "user";
  return (
    <>
      {listing.error ? (
        <div className="listing-error">
          <ErrorNotice error={listing.error}>
            <p>
              {total === 0
                ? "Nothing could be read."
                : `${countWords(total, "object is", "objects are")} shown as read before; there may be more.`}{" "}
              <Button small onPress={properties.onRefresh}>
                Read again
              </Button>
            </p>
          </ErrorNotice>
        </div>
      ) : null}
      <div className="listing-state">
        <span role="status" data-testid="object-count">
          {shown === total
            ? countWords(total, "object")
            : `${shown.toLocaleString("en")} of ${countWords(total, "object")}`}
          {chosen > 1 ? `, ${chosen.toLocaleString("en")} chosen` : ""}
        </span>
        {reading ? (
          <span className="muted">
            reading <Elapsed />
          </span>
        ) : listing.milliseconds !== null && listing.complete ? (
          <span className="muted">read in {(listing.milliseconds / 1000).toFixed(2)} s</span>
        ) : null}
        <span className="spring" />
        {hidden ? (
          <span className="login-hint">
            {hiddenWords(token)}
            <LoginButton small token={token} words="Log in as user" onLogin={properties.onLogin} />
          </span>
        ) : null}
      </div>
    </>
  );
};

const hiddenWords = (token: TokenRow): string => {
  if (token.userPin.state === "not set") return "No user PIN yet: it is needed to log in and to make keys";
  if (token.login === "so") return "The SO does not see private objects";
  return "Private objects appear after login";
};
