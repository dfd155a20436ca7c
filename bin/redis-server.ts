#!/usr/bin/env node
import './compile-cache.ts';
import { usePosix } from '../posix/posix.ts';
import { LibcKernel } from '../posix/posix_libc.ts';
import { main } from '../server/server.ts';

usePosix(new LibcKernel());
main(process.argv.slice(1));
