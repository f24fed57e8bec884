/** The demo page: learns from its backend which service its chat is for, as any site's own script would know. */
import { ApiError, jsonOf, requestOf } from '../api/request.ts';

interface DemoSession {
  organization: string;
  service_id: string;
  /** Whether this deployment can listen and talk. */
  voice?: boolean;
}

const chat = document.querySelector('#chat');

async function configure(element: Element): Promise<void> {
  const { organization, service_id, voice } = await jsonOf<DemoSession>(
    await requestOf('/demo/session', { method: 'POST' }),
  );
  element.toggleAttribute('voice', voice === true);
  element.setAttribute('service', service_id);
  element.setAttribute('organization', organization);
}

if (chat !== null) {
  configure(chat).catch((error: unknown) => {
    chat.remove();
    // The deployment has nobody to sign in as, or could not be asked.
    const reason = error instanceof ApiError && error.status === 404 ? '#no-demo' : '#no-answer';
    document.querySelector<HTMLElement>(reason)?.toggleAttribute('hidden', false);
  });
}
