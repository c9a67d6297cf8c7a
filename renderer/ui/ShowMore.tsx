import { Button } from "./Button.tsx";

/** Below a long table of which only the first lines are drawn; nothing where all are. */
export const ShowMore = (properties: {
  all: number;
  limit: number;
  /** Lines that come with each press. */
  portion: number;
  onLimit(limit: number): void;
}) => {
  const { all, limit, portion } = properties;
  if (all <= limit) return null;
  return (
    <div>
      <Button small onPress={() => properties.onLimit(limit + portion)}>
        Show {Math.min(portion, all - limit)} more of {all - limit}
      </Button>
    </div>
  );
};
