/**
 * The TypeDoc plugin: our tags, our router, our theme.
 *
 * Who calls in: TypeDoc, by way of index.cjs (see typedoc.json). Whom it calls: theme.ts.
 */
import { existsSync } from 'node:fs';
import { Application } from 'typedoc';
import { ReadingRouter, ReadingTheme } from './theme.ts';

/** Tags of this project, see the sources: the place in C, and why a function has none. */
export const blockTags = ['@c', '@own'] as const;

/** Marks what is static in C. */
export const modifierTags = ['@cstatic'] as const;

/** Called by TypeDoc once, before it reads its options. */
export function load(app: Application): void {
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    const { options } = app;
    options.setValue('blockTags', [...options.getValue('blockTags'), ...blockTags]);
    // The list names all rooms of the mirror; only those that exist are read.
    const rooms = options.getValue('entryPoints').filter((room) => existsSync(room));
    options.setValue('entryPoints', rooms);
    options.setValue('modifierTags', [...options.getValue('modifierTags'), ...modifierTags]);
  });
  app.renderer.defineRouter('reading', ReadingRouter);
  app.renderer.defineTheme('reading', ReadingTheme);
}
