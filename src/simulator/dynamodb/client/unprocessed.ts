/** Retries of what DynamoDB left unprocessed of a batch. */

const ATTEMPTS_MAX = 12;

/** Pauses before a retry, each time longer. Throws when the attempts are used up. */
export async function pauseBefore(
  attempt: number,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  if (attempt === 1) return;
  if (attempt > ATTEMPTS_MAX) {
    throw new Error(`DynamoDB left items unprocessed ${ATTEMPTS_MAX} times: throttled`);
  }
  await pause(50 * 2 ** (attempt - 1));
}
