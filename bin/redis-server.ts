#!/usr/bin/env node
import './v8-flags.ts';
import './compile-cache.ts';
import './address-space.ts';
import { traced } from './trace.ts';
import { usePosix } from '../posix/posix.ts';
import { LibcKernel } from '../posix/posix_libc.ts';
import { main } from '../server/server.ts';

if (!traced(process.argv)) {
  usePosix(new LibcKernel());
  main(process.argv.slice(1));
}
