/**
 * A configuration file: flags that would otherwise be typed each time. Its entries become words in front of the
 * command line's own, so that each value is read, and each mistake answered, as if it had been typed.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../errors.ts';
import type { FaultName } from '../faults/names.ts';
import { FLAG_KEYS, FLAGS } from './flags.ts';
import { suggestion } from './suggest.ts';

type FlagName = 'count' | 'seed' | 'products' | 'users' | 'shuffle' | 'duplicate' | 'delay';
