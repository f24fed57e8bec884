/** The servers of the OpenAPI document: where it is rendered, and where it is served. */

/** Address of the server in the rendered document, relative to the document (OpenAPI 3.1, section 4.8.5). */
export const RELATIVE_ORIGIN = '/';

function servers(origin: string): string {
  return `"servers":[${JSON.stringify({ url: origin })}]`;
}

/** Returns the rendered document with `origin` as the address of its server. Throws if it is not a rendered document. */
export function servedFrom(origin: string, rendered: string): string {
  const place = servers(RELATIVE_ORIGIN);
  if (!rendered.includes(place)) throw new Error('The OpenAPI document has no servers to name.');
  return rendered.replace(place, () => servers(origin));
}
