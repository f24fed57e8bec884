/** The page at `/workbench`: finds out who may use it, and sets up the view. */
import { parseAddress } from './address.ts';
import { ConversationView } from './conversation-view.ts';
import { Client, readDeployment, readIdentities } from './client.ts';
import { byId } from './elements.ts';
import { Manage } from './manage/manage.ts';
import { EVERYBODY, Pickers, type Choice } from './pickers.ts';
import { Progress } from './progress.ts';
import { followPublications, wasPublished } from './reload.ts';
import { Session, type Credentials } from './session.ts';
import { Usage } from './usage/usage.ts';
import type { RegisteredOrganization } from '../src/contract/workbench.ts';

const progress = new Progress();
/** The session of an administrator, on a server that has to be signed in to. */
let administrator: Session | null = null;

const pickers = new Pickers((choice, was) => {
  const isSameUser = choice.organization === was.organization && choice.user === was.user;
  void turnTo(choice, { conversation: '', interaction: '' }, isSameUser);
});
const view = new ConversationView(progress, (isRunning) => pickers.lock(isRunning));
let session: Session | null = null;

/** The views beside the conversations. Each is read anew when it is shown. */
const others = { manage: new Manage(progress), usage: new Usage(progress) };
const VIEWS = ['bench', 'manage', 'usage'] as const;
type View = (typeof VIEWS)[number];

function shown(): View {
  return VIEWS.find((name) => !byId(name, HTMLElement).hidden) ?? 'bench';
}

/** Shows the conversations, what the organization consists of, or what it has used. */
function show(wanted: View): void {
  for (const name of VIEWS) {
    byId(name, HTMLElement).hidden = name !== wanted;
    byId(`view-${name}`, HTMLElement).setAttribute('aria-pressed', String(name === wanted));
  }
  if (wanted !== 'bench' && session !== null) void others[wanted].show(new Client(session));
}

for (const name of VIEWS) {
  byId(`view-${name}`, HTMLElement).addEventListener('click', () => {
    progress.clear();
    show(name);
  });
}

/** Turns the view to what was chosen. A developer becomes the user; an administrator stays who they are. */
async function turnTo(
  choice: Choice,
  wanted: { conversation: string; interaction: string },
  isSameUser = false,
): Promise<void> {
  progress.clear();
  if (administrator !== null) session = administrator;
  else if (session === null || !isSameUser) session = Session.ofDeveloper(choice.organization, choice.user);
  if (shown() !== 'bench') show(shown());
  await view.turnTo({ client: new Client(session), self: session.userId, choice }, wanted);
}

function showBench(organizations: readonly RegisteredOrganization[]): Promise<void> {
  byId('bench', HTMLElement).hidden = false;
  byId('views', HTMLElement).hidden = false;
  const address = parseAddress(location.hash);
  return turnTo(pickers.offer(organizations, address), address);
}

/** Signs an administrator in, and offers their organization, its services, and themselves or every user. */
async function signIn(credentials: Credentials): Promise<void> {
  const signedIn = Session.ofAdministrator(credentials);
  const services = await progress.during('Signing in …', byId('sign-in', HTMLElement), () =>
    new Client(signedIn).services(),
  );
  if (services === null) return;
  administrator = signedIn;
  const { organization: id, userId } = signedIn;
  const users = [
    { id: EVERYBODY, name: 'Everybody you may see', role: '' },
    { id: userId, name: 'You', role: '' },
  ];
  byId('sign-in', HTMLElement).hidden = true;
  byId('sign-out', HTMLElement).hidden = false;
  await showBench([{ id, name: id, users, services }]);
}

function askForCredentials(): void {
  const form = byId('sign-in-form', HTMLFormElement);
  byId('sign-in', HTMLElement).hidden = false;
  // Nothing was stored, so a new page knows nothing.
  byId('sign-out', HTMLElement).addEventListener('click', () => location.reload());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    progress.clear();
    const fields = new FormData(form);
    const field = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    void signIn({
      organization: field('organization'),
      user_id: field('user'),
      key_id: field('key-id'),
      key: field('key'),
      token: field('token'),
    });
  });
}

async function open(): Promise<void> {
  const deployment = await progress.during('Opening the workbench …', null, readDeployment);
  if (deployment === 'off') byId('off', HTMLElement).hidden = false;
  if (deployment === 'production') askForCredentials();
  if (deployment !== 'development') return;
  const organizations = await progress.during('Reading who is registered …', null, readIdentities);
  if (organizations === null) return;
  await showBench(organizations);
  if (wasPublished()) {
    progress.tell(
      'A new version is published. Conversations keep the one that they began with: begin a new one.',
    );
  }
  const message = byId('message', HTMLTextAreaElement);
  void followPublications(
    () => pickers.choice.organization,
    () => view.isRunning || message.value !== '' || shown() !== 'bench',
  );
}

// A link that is followed while the page is open.
addEventListener('hashchange', () => {
  const address = parseAddress(location.hash);
  if (!byId('bench', HTMLElement).hidden && !view.isRunning) void turnTo(pickers.choose(address), address);
});

await open();
