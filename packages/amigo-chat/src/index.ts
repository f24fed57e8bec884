/** Types of `<amigo-chat>`, and what loads its script from a deployment. */
import type { AmigoChatElement } from '../../../widget/types/amigo-chat.d.ts';

export type * from '../../../widget/types/amigo-chat.d.ts';

/** A release of the element, as `/amigo-chat.json` of the deployment names it. */
export interface AmigoChatRelease {
  version: string;
  /** The digest of the script (Subresource Integrity, W3C). */
  integrity: string;
}

const loading = new Map<string, Promise<void>>();

/** Resolves when the browser has fetched the script and its digest is right. */
function check(href: string, integrity: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    const settle = (how: () => void) => {
      link.remove();
      how();
    };
    Object.assign(link, { rel: 'modulepreload', crossOrigin: 'anonymous', integrity });
    link.addEventListener('load', () => settle(resolve));
    link.addEventListener('error', () => settle(() => reject(new Error(`${href} cannot be loaded.`))));
    link.href = href;
    document.head.append(link);
  });
}

async function load(href: string, release: AmigoChatRelease | undefined): Promise<void> {
  if (release !== undefined) await check(href, release.integrity);
  await import(/* webpackIgnore: true */ /* @vite-ignore */ href);
}

/**
 * Loads the element from the deployment at `origin`, once for all calls. With a release its digest is checked before it is
 * run. Does nothing on a server. Rejects when the script cannot be loaded; the next call tries again.
 */
export function loadAmigoChat(origin: string, release?: AmigoChatRelease): Promise<void> {
  if (typeof document === 'undefined') return Promise.resolve();
  const name = release === undefined ? 'amigo-chat.js' : `amigo-chat-${release.version}.js`;
  const { href } = new URL(`/${name}`, origin);
  const asked = loading.get(href) ?? load(href, release);
  loading.set(href, asked);
  asked.catch(() => loading.delete(href));
  return asked;
}

/** Returns the first chat of the page; null when it has none. */
export function findAmigoChat(): AmigoChatElement | null {
  return document.querySelector('amigo-chat');
}
