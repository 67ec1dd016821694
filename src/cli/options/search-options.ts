/** Options of commands that search, whichever. */
import { fixed } from './option.ts';
import { folder, whole } from './values.ts';

export const OUT_OPTION = {
  describe: 'Parent directory for results; --no-out keeps none',
  read: folder,
  ...fixed('runs'),
  isShared: true,
} as const;

export const JOBS_OPTION = {
  describe: 'Processes to use',
  read: whole(1, 64, 2),
  ...fixed('2'),
} as const;
