/** Computes synchronously, gets a random number by callback, and clears a timer by its id. */
import { pbkdf2Sync, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

export async function handler() {
  const text = gunzipSync(gzipSync('once')).toString();
  const key = pbkdf2Sync('a', 'b', 10, 4, 'sha256').toString('hex');
  const number = await promisify<number, number, number>(randomInt)(5, 9);
  let fired = false;
  const timer = setTimeout(() => {
    fired = true;
  }, 10);
  clearTimeout(Number(timer));
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(JSON.stringify({ text, key, isIn: number >= 5 && number < 9, fired }));
}
