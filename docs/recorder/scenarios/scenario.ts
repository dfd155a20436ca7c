/**
 * What a scenario is, and the list of all: what the author of a page wants to be seen of each command, and the scenes
 * of the server's life. A command without an entry here gets what test/facts/stacks.json says of it.
 *
 * Who calls in: record.ts, tests. Whom it calls: the lists beside this file.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../instrument.ts';
import { commandScenarios } from './commands.ts';
import { scenes } from './scenes.ts';

/** What is played, and what is told of it. Lines are those of play.ts. */
export interface Scenario {
  /** `set`, `set.nx-exists`, `scene.accept` */
  id: string;
  title: string;
  kind: 'command' | 'scene';
  /** `SET`, `CLIENT|LIST`; null for a scene. */
  command: string | null;
  about: string;
  /** Options of the server. */
  args: string[];
  setup: string[];
  trigger: string[];
  /** The recording begins before the server does. */
  fromStart: boolean;
}

/** A scenario of a command as the list has it. */
export interface CommandEntry {
  command: string;
  /** What comes after the dot of the id; none for the main one. */
  variant?: string;
  about?: string;
  args?: string[];
  setup?: string[];
  trigger: string[];
}

/** A scene as the list has it. */
export interface SceneEntry {
  id: string;
  title: string;
  about: string;
  args?: string[];
  setup?: string[];
  trigger: string[];
  fromStart?: boolean;
}

/** Names of the server's commands, `CLIENT|LIST` for a subcommand, in the order of the alphabet. */
export function commandNames(): string[] {
  const names: string[] = [];
  const folder = join(projectRoot, 'server/commands');
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.json')) continue;
    const table = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<
      string,
      { container?: string; function?: string }
    >;
    for (const [name, { container, function: proc }] of Object.entries(table)) {
      // A pure container does nothing of itself.
      if (proc === undefined) continue;
      names.push(container === undefined ? name : `${container}|${name}`);
    }
  }
  return names.sort();
}

/** All scenarios whose commands the server has: commands by name, the main one first, then the scenes. */
export function allScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  const known = commandNames();
  const facts = commandFacts();
  for (const command of known) {
    const entries = commandScenarios.filter((entry) => entry.command === command);
    const fact = facts.get(command);
    if (entries.every((entry) => entry.variant !== undefined) && fact !== undefined) {
      entries.unshift({ command, ...fact });
    }
    entries.sort((a, b) => Number(a.variant !== undefined) - Number(b.variant !== undefined));
    for (const entry of entries) scenarios.push(ofCommand(entry));
  }
  for (const scene of scenes) {
    scenarios.push({
      id: `scene.${scene.id}`,
      title: scene.title,
      kind: 'scene',
      command: null,
      about: scene.about,
      args: scene.args ?? [],
      setup: scene.setup ?? [],
      trigger: scene.trigger,
      fromStart: scene.fromStart ?? false,
    });
  }
  return scenarios;
}

function ofCommand(entry: CommandEntry): Scenario {
  const base = entry.command.toLowerCase().replace('|', '-');
  const last = entry.trigger.filter((line) => !line.startsWith('%')).at(-1) ?? '';
  return {
    id: entry.variant === undefined ? base : `${base}.${entry.variant}`,
    title: last.replace(/^~?(?:[A-Z]> )?/, ''),
    kind: 'command',
    command: entry.command,
    about: entry.about ?? '',
    args: entry.args ?? [],
    setup: entry.setup ?? [],
    trigger: entry.trigger,
    fromStart: false,
  };
}

/** What was played to the C server for each command. */
function commandFacts(): Map<string, { setup: string[]; trigger: string[] }> {
  const facts = new Map<string, { setup: string[]; trigger: string[] }>();
  const file = join(projectRoot, 'test/facts/stacks.json');
  if (!existsSync(file)) return facts;
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as {
    commands: { command: string; setup: string[]; trigger: string[] }[];
  };
  for (const { command, setup, trigger } of commands) {
    // Words in lower case tell of another kind of server.
    if (!setup.some((line) => /^[a-z]/.test(line))) facts.set(command, { setup, trigger });
  }
  return facts;
}
