/** Dialogues of `npm run agent:test`, as its commands use them. */
import type { Dialogue } from '../../src/contract/dialogues.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';

export {
  DialogueFile,
  type Dialogue,
  type DialogueTurn,
  type Expectation,
} from '../../src/contract/dialogues.ts';

/** The dialogues of a file, with the organization of their services. */
export interface LoadedDialogues {
  organization: OrganizationFile;
  dialogues: (Dialogue & { service: string })[];
}
