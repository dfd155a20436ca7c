/**
 * Fetches data. A page that was opened from disk may not fetch, but it may load scripts: each file of data is a script that calls
 * `window.__data(path, value)`.
 *
 * Who calls in: all parts of the pages' script. Whom it calls: nobody.
 */
import type { View } from './view.ts';

declare global {
  interface Window {
    __data?: (path: string, value: unknown) => void;
  }
}

const { dataset } = document.body;

/** The way to the top of the site. */
export const root = dataset.root ?? '';
/** Address of this page from the top. */
export const here = dataset.url ?? '';
/** What the page is about. */
export const subject = dataset.subject ?? '';
/** What it is called. */
export const pageTitle = dataset.title ?? '';

/** Links from this page; the exceptions come with the index of search. */
export const view: View & { pages: Record<string, string> } = { root, pages: {} };

const arrived = new Map<string, unknown>();
const asked = new Map<string, Promise<unknown>>();

/** Loads data/<path>.js. */
export function load<T>(path: string): Promise<T> {
  window.__data ??= (name, value) => arrived.set(name, value);
  let promise = asked.get(path);
  if (promise === undefined) {
    promise = new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = `${root}data/${path}.js`;
      script.onload = () => {
        script.remove();
        resolve(arrived.get(path));
      };
      script.onerror = () => reject(new Error(`${path} cannot be loaded`));
      document.head.append(script);
    });
    asked.set(path, promise);
  }
  return promise as Promise<T>;
}

/** An element made of HTML. */
export function element(html: string): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild as HTMLElement;
}

/** The first element that matches, if any. */
export function one(selector: string, from: ParentNode = document): HTMLElement | null {
  return from.querySelector<HTMLElement>(selector);
}

/** All elements that match. */
export function all(selector: string, from: ParentNode = document): HTMLElement[] {
  return [...from.querySelectorAll<HTMLElement>(selector)];
}

/** Reads what was kept; storage may be forbidden. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text for the next page. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A page without storage forgets, that is all.
  }
}
