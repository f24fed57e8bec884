import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AmigoChat } from 'amigo-chat/react';

/** Asks the site's own backend for a token of the visitor who is signed in to the site. */
async function chatToken(): Promise<{ id_token: string }> {
  const response = await fetch('/chat-token', { method: 'POST' });
  if (!response.ok) throw new Error(`The backend answered ${response.status}.`);
  return (await response.json()) as { id_token: string };
}

function Page({ api, organization, service }: { api: string; organization: string; service: string }) {
  const [said, setSaid] = useState(0);
  const [isShown, setShown] = useState(true);
  return (
    <main>
      <h1>A React page with a chat</h1>
      <p>
        The agent has said <output>{said}</output> things.{' '}
        <button type="button" onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide the chat' : 'Show the chat'}
        </button>
      </p>
      {isShown && (
        <AmigoChat
          origin={api}
          api={api}
          organization={organization}
          service={service}
          getToken={() => chatToken()}
          words={{ message: 'Ask the clinic' }}
          onMessage={({ role }) => {
            if (role === 'agent') setSaid((before) => before + 1);
          }}
        />
      )}
    </main>
  );
}

const root = document.querySelector<HTMLElement>('#root');
if (root !== null) {
  const { api = '', organization = '', service = '' } = root.dataset;
  createRoot(root).render(
    <StrictMode>
      <Page api={api} organization={organization} service={service} />
    </StrictMode>,
  );
}
