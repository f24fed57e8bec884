/**
 * A backend that gives the chat its tokens, and the page with the chat. Node 20 or newer, without packages.
 *
 *   API=… ORGANIZATION=… API_KEY_ID=… API_KEY=… PAGE=index.html PORT=8080 node server.mjs
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const { API, ORGANIZATION, API_KEY_ID, API_KEY, PAGE, PORT = '8080' } = process.env;
/** A token is given as long as it has this long to live, in milliseconds. The widget renews it five minutes before its end. */
const LEAST_LIFE_MS = 10 * 60_000;
/** Tokens by their users. Sign-in allows five a minute and user, so a token serves all pages of a visitor. */
const tokens = new Map();

/** Returns the user of the API who is signed in to the site; null when none is. Put your site's own session here. */
function signedInUser(request) {
  const cookies = new URLSearchParams((request.headers.cookie ?? '').replaceAll('; ', '&'));
  return cookies.get('user');
}

async function signIn(user) {
  const answer = await fetch(`${API}/v1/${ORGANIZATION}/user/signin_with_api_key`, {
    method: 'POST',
    headers: { 'x-api-key': API_KEY, 'x-api-key-id': API_KEY_ID, 'x-user-id': user },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`The API answered ${answer.status}.`);
  const { id_token, expires_at } = await answer.json();
  return { id_token, expires_at };
}

/** Returns a token that lives long enough. Requests at the same time share one sign-in. */
async function tokenOf(user) {
  const kept = await tokens.get(user)?.catch(() => undefined);
  if (kept !== undefined && Date.parse(kept.expires_at) - Date.now() > LEAST_LIFE_MS) return kept;
  const asked = signIn(user);
  tokens.set(user, asked);
  return asked;
}

async function answer(request, response) {
  if (request.url === '/chat-token') {
    // A page of another site must not get the visitor's token with the visitor's cookies.
    const isOwnPage = request.headers['sec-fetch-site'] === 'same-origin';
    const user = signedInUser(request);
    if (request.method !== 'POST' || !isOwnPage) return response.writeHead(403).end();
    if (user === null) return response.writeHead(401).end();
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify(await tokenOf(user)));
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  return response.end(await readFile(PAGE));
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(502).end();
  });
});
server.listen(Number(PORT), () => console.log(`http://localhost:${server.address().port}`));
