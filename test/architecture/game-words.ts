/**
 * The rule that the simulator works with any view: outside the rooms of the shipped one, no
 * identifier, string or comment has a word of the game.
 */
import type { Source } from './source.ts';

/** What is about the shipped view by its purpose, with the reason. */
const ROOMS = {
  'src/handler/': 'the shipped handler',
  'src/ops/': 'operations on its tables',
  'src/simulator/workload/winner/': 'its workload: everything that the simulator knows of the game',
  'src/simulator/mutation/planted/': 'planted bugs, which quote the source of the handler',
};

/** All-caps words are not among them, so that DynamoDB's reserved words may be listed. */
const WORDS = [
  // Not `production`.
  /[Pp]roduct(?!i)/,
  /[Pp]urchas/,
  /[Cc]reat(or|ion)/,
  /[Pp]hotograph/,
  /[Cc]ontribut/,
  /[Mm]erchant/,
  /[Cc]ustomer/,
  /\b[Ss]ales?\b/,
  /(?<!under)[Ss]core/,
  // Not the virtual users of a load run.
  /(?<!irtual[ -]?)[Uu]ser/,
  // Not IAM's (`IAM role`, `roleArn`, `...:role/name`), nor HTML's (`role="img"`).
  /(?<!:|IAM )[Rr]ole(?!Arn|=")/,
  /hello-retail/,
] as const;

/** One line for each line of a source that has a word of the game. */
export function gameWordsHaveRooms(sources: readonly Source[]): readonly string[] {
  const rooms = Object.keys(ROOMS);
  return sources
    .filter(({ path }) => path.startsWith('src/') && !rooms.some((room) => path.startsWith(room)))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => {
        const word = WORDS.map((pattern) => pattern.exec(line)?.[0]).find(Boolean);
        return word === undefined ? [] : [`${path}:${at + 1} says ${word}: ${line.trim()}`];
      }),
    );
}

/** Rooms in which no source has a word of the game. */
export function emptyRooms(sources: readonly Source[]): readonly string[] {
  return Object.keys(ROOMS).filter(
    (room) =>
      !sources.some(
        ({ path, text }) => path.startsWith(room) && WORDS.some((word) => word.test(text)),
      ),
  );
}
