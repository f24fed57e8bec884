/** Statements of the documents about the repository: links, indexes, folders, import directions, versions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARROWS } from '../../scripts/checks/rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const markdownIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(folder, name)));
const DOCUMENTS = [...markdownIn('.'), ...markdownIn('docs')];

/** The identifiers that a site gives to the headings of a Markdown document. */
function anchorsOf(path: string): string[] {
  const headings = [...text(path).matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function linksOf(path: string): string[] {
  const prose = text(path).replaceAll(/^```.*?^```/gms, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

it.each(DOCUMENTS)('every link of %s leads to a file and a heading that exist', (path) => {
  const broken = linksOf(path).filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

it('docs/README.md has every document of its folder', () => {
  const linked = linksOf('docs/README.md').map((link) => normalize(join('docs', link)));
  expect(linked).toEqual(
    expect.arrayContaining(markdownIn('docs').filter((path) => path !== 'docs/README.md')),
  );
});

describe('llms.txt', () => {
  const index = text('widget/llms.txt');

  it('names every document of the repository, and none that does not exist', () => {
    const [, section = ''] = index.split('## Documents');
    const named = [...section.matchAll(/^- (\S+): /gm)].map((match) => match[1] ?? '');
    expect(named.toSorted()).toEqual(DOCUMENTS.toSorted());
  });

  it('links only to what the server has', () => {
    const routes = text('src/api/deployment-routes.ts');
    const build = text('scripts/build-pages.ts');
    const links = linksOf('widget/llms.txt');
    expect(links.length).toBeGreaterThan(5);
    const unknown = links.filter((link) => {
      const name = link.slice(1);
      return !routes.includes(`'${link}'`) && !build.includes(name);
    });
    expect(unknown).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  /** Folders of src by name, with the folders and files that each may import, as the table has them. */
  const rows = new Map(
    [...text('docs/architecture.md').matchAll(/^\| `([\w/-]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map((match) => [
      match[1] ?? '',
      [...(match[2] ?? '').matchAll(/`([\w/.-]+)`/g)].map((name) => name[1] ?? ''),
    ]),
  );
  const isFolder = (name: string) => existsSync(join(ROOT, 'src', name)) && !name.endsWith('.ts');

  it('has a row for every folder of src', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect([...rows.keys()].filter((name) => !name.includes('/')).toSorted()).toEqual(folders.toSorted());
  });

  it('says which folder may import which as the check does', () => {
    const nameOf = (room: string) => room.replace('src/', '');
    const checked = Object.entries(ARROWS)
      .filter(([room]) => room.startsWith('src/') && isFolder(nameOf(room)))
      .map(([room, targets]) => [
        nameOf(room),
        targets.map(nameOf).filter((name) => isFolder(name) || ['bindings.ts', 'objects.ts'].includes(name)),
      ]) satisfies [string, string[]][];
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(checked));
  });
});

it('every command that the guides name is a script of package.json', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  for (const path of ['README.md', 'CONTRIBUTING.md', 'AGENTS.md', 'CHANGELOG.md']) {
    const names = [...text(path).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect([path, names.filter((name) => !(name in scripts))]).toEqual([path, []]);
  }
});

it('CI uses the Node of .nvmrc, and runs what decides whether a change lands', () => {
  const workflow = text('.github/workflows/ci.yml');
  expect(workflow).toContain(`node:${text('.nvmrc').trim()}-`);
  expect(workflow).toContain('run: .ci/run');
});
