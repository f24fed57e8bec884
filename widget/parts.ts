/**
 * Parts of the widget that are loaded when they are needed: scripts of their own, beside this one. Their names and
 * digests stand in this script, so a page that checks its integrity (Subresource Integrity, W3C) trusts them too.
 */
/** The path and the integrity of each part, which the build writes here (scripts/widget-build.ts). */
declare const AMIGO_CHAT_PARTS: Readonly<Record<PartName, readonly [file: string, integrity: string]>>;

type PartName = 'markdown' | 'voice' | 'proof';

const loading = new Map<PartName, Promise<unknown>>();
let failures = 0;

/** Resolves when the browser has fetched a module and its digest is right. Without such a check nothing is loaded. */
function check(href: string, integrity: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    const settle = (how: () => void) => {
      link.remove();
      how();
    };
    const fail = () => settle(() => reject(new Error(`${href} cannot be loaded.`)));
    if (!link.relList.supports('modulepreload')) {
      fail();
      return;
    }
    Object.assign(link, { rel: 'modulepreload', crossOrigin: 'anonymous', integrity });
    link.addEventListener('load', () => settle(resolve));
    link.addEventListener('error', fail);
    link.href = href;
    document.head.append(link);
  });
}

async function load(name: PartName): Promise<unknown> {
  const [file, integrity] = AMIGO_CHAT_PARTS[name];
  const url = new URL(file, import.meta.url);
  // A browser remembers a module that could not be loaded by its address.
  if (failures > 0) url.search = `retry=${failures}`;
  try {
    await check(url.href, integrity);
    // It is the module that was checked: a browser loads one of an address once.
    return (await import(url.href)) as unknown;
  } catch (error) {
    failures += 1;
    loading.delete(name);
    throw error;
  }
}

/** Loads a part, once. Rejects when it cannot be loaded; the next call tries again. */
export function loadPart(name: PartName): Promise<unknown> {
  const part = loading.get(name) ?? load(name);
  loading.set(name, part);
  return part;
}
