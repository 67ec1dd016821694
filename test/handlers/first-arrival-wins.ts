/** The first registration to arrive keeps the role, whatever its event id. Brought down by `--shuffle`. */
import { parts } from './simple.ts';

parts.takesRole = (product, role) => product[role] === undefined;

export { handler } from './simple.ts';
