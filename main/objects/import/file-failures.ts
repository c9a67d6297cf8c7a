import { DerError } from "../../pkcs11/der.ts";
import { Failure, failure } from "../../pkcs11/failure.ts";

/** The file's content is not what it should be. @param where file, block, bag */
export const badFile = (
  where: string,
  message: string,
  remedy = "Check that the file is complete and of the right kind.",
) => failure("BAD_FILE", { where, message, remedy });

export const passwordNeeded = (where: string, message = "This file is encrypted with a password.") =>
  failure("PASSWORD_NEEDED", {
    where,
    message,
    remedy: "Give the password of the file.",
  });

export const passwordWrong = (where: string) =>
  failure("PASSWORD_WRONG", {
    where,
    message: "The password does not open the file.",
    remedy:
      "Check the spelling, the keyboard layout and capital letters; it is the file's password, not the token's PIN.",
  });

/** Runs a parser; what it finds wrong becomes BAD_FILE with the place. */
export const reading = <T>(where: string, parse: () => T): T => {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    if (thrown instanceof DerError) throw badFile(where, `It cannot be read: ${thrown.message}.`);
    // Nothing from inside a parser or cipher is shown as it is: it might quote private bytes.
    throw badFile(where, "It cannot be read.");
  }
};
