/** A process with guarded children, for a test to kill. Prints their pids and folders. */
import { fileURLToPath } from 'node:url';
import { startWorker } from '../../../src/simulator/execution/process/worker.ts';
import { guardedFolder } from '../../../src/simulator/servers/guard.ts';
import { startServer } from '../../../src/simulator/servers/server.ts';

const servers = await Promise.all([
  startServer('kinesalite'),
  startServer('kinesis-local'),
  startServer('dynoxide'),
]);
const worker = await startWorker({
  name: 'worker-1',
  handler: fileURLToPath(new URL('../execution/process/handlers/echo.ts', import.meta.url)),
  env: process.env,
  startMsMax: 10_000,
});
const folder = guardedFolder();
console.log(
  JSON.stringify({ pids: [...servers, worker].map(({ pid }) => pid), folders: [folder.path] }),
);
if (process.argv[2] === 'throw') throw new Error('as asked');
