/** What is wrong with a value that should be an event of the game, such as in a file that was edited by hand. */
import * as v from 'valibot';

const stamp = v.pipe(v.string(), v.isoTimestamp());
/** What is longer, a handler quarantines. */
const id = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxBytes(2048),
  v.check((text) => text.isWellFormed(), 'not well-formed Unicode'),
);
const common = {
  productId: id,
  eventId: v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,1024}$/, 'not 1 to 1,024 ASCII characters')),
  origin: id,
  timeOrigin: stamp,
  timeIngest: stamp,
  timeProcess: stamp,
};
const schema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('creation'),
    ...common,
    brand: v.string(),
    name: v.string(),
    description: v.string(),
    category: v.string(),
  }),
  v.strictObject({ kind: v.literal('photograph'), ...common, image: v.string() }),
  v.strictObject({ kind: v.literal('purchase'), ...common }),
]);

/** A few words; undefined: nothing is wrong. */
export function eventError(event: unknown): string | undefined {
  const { success, issues } = v.safeParse(schema, event);
  return success ? undefined : `${v.getDotPath(issues[0]) ?? 'it'}: ${issues[0].message}`;
}
