/** Documents as rows: each in parts, because a row holds at most 2 MB (platform limit) and a catalog may be larger. */
import { cut } from '../../text.ts';
import type { DocumentName } from './commands.ts';

/** The longest part, in UTF-16 units: at most three bytes of UTF-8 each. */
const MAX_PART_LENGTH = 500_000;

/** A document with the number of the change that wrote it last. */
export interface Versioned {
  revision: number;
  value: unknown;
}

interface Row extends Record<string, SqlStorageValue> {
  kind: DocumentName['kind'];
  id: string;
  version: number;
  part: number;
  revision: number;
  body: string;
}

function* partsOf(body: string): Generator<string, void> {
  for (let at = 0; at < body.length;) {
    const part = cut(body.slice(at, at + MAX_PART_LENGTH + 1), MAX_PART_LENGTH);
    yield part;
    at += part.length;
  }
}

export function writeDocument(sql: SqlStorage, name: DocumentName, value: unknown, revision: number): void {
  deleteDocument(sql, name);
  let part = 0;
  for (const body of partsOf(JSON.stringify(value))) {
    sql.exec(
      'INSERT INTO documents (kind, id, version, part, revision, body) VALUES (?, ?, ?, ?, ?, ?)',
      name.kind,
      name.id,
      name.version,
      part,
      revision,
      body,
    );
    part += 1;
  }
}

export function deleteDocument(sql: SqlStorage, { kind, id, version }: DocumentName): void {
  sql.exec('DELETE FROM documents WHERE kind = ? AND id = ? AND version = ?', kind, id, version);
}

/** Joins rows in the order of their key to documents. */
function* joined(rows: Iterable<Row>): Generator<{ name: DocumentName } & Versioned, void> {
  let open: { name: DocumentName; revision: number; body: string } | null = null;
  const close = ({ name, revision, body }: NonNullable<typeof open>) => ({
    name,
    revision,
    value: JSON.parse(body) as unknown,
  });
  for (const { kind, id, version, part, revision, body } of rows) {
    if (part > 0 && open !== null) {
      open.body += body;
      continue;
    }
    if (open !== null) yield close(open);
    open = { name: { kind, id, version }, revision, body };
  }
  if (open !== null) yield close(open);
}

const ORDER = 'ORDER BY kind, id, version, part';

/** Returns a document, or null when there is none of the name. */
export function readDocument(sql: SqlStorage, { kind, id, version }: DocumentName): Versioned | null {
  const rows = sql.exec<Row>(
    `SELECT * FROM documents WHERE kind = ? AND id = ? AND version = ? ${ORDER}`,
    kind,
    id,
    version,
  );
  const [found = null] = joined(rows);
  return found;
}

/** Returns the documents of a kind, or all of them, by identifier and version. */
export function readDocuments(
  sql: SqlStorage,
  kind?: DocumentName['kind'],
): Iterable<{ name: DocumentName } & Versioned> {
  const rows =
    kind === undefined
      ? sql.exec<Row>(`SELECT * FROM documents ${ORDER}`)
      : sql.exec<Row>(`SELECT * FROM documents WHERE kind = ? ${ORDER}`, kind);
  return joined(rows);
}
