#!/usr/bin/env node
import './compile-cache.ts';
import { run } from '../cli/redis-cli.ts';
import { LibcKernel } from '../posix/posix_libc.ts';

run(new LibcKernel(), process.argv);
