#!/usr/bin/env node
import './compile-cache.ts';
import { main } from '../server/server.ts';

main(process.argv.slice(1));
