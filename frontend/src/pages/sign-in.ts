// Signing in with a passkey, where the browser knows them.
import { answerOf, known, requestOf, type RequestJson } from "../accounts/passkeys";
import { pageData, Refused, send } from "../http";

const words = pageData<{ next: string; fault: string; busy: string }>();
const part = document.getElementById("by-passkey");
const button = document.getElementById("use-passkey") as HTMLButtonElement | null;
const fault = document.getElementById("passkey-fault");

async function enter(): Promise<void> {
  const told = await send<{ publicKey: RequestJson }>("POST", "/api/sign-in/passkey/options");
  const credential = await navigator.credentials.get({ publicKey: requestOf(told.publicKey) });
  await send("POST", "/api/sign-in/passkey", { credential: answerOf(credential as PublicKeyCredential) });
  location.assign(words.next);
}

function say(text: string): void {
  if (!fault) return;
  fault.textContent = text;
  fault.hidden = text === "";
}

if (part && button && known()) {
  part.hidden = false;
  const name = button.textContent;
  button.addEventListener("click", () => {
    say("");
    button.disabled = true;
    button.textContent = words.busy;
    enter()
      .catch((error: unknown) => say(error instanceof Refused && error.detail ? `${error.title}. ${error.detail}` : words.fault))
      .finally(() => {
        button.disabled = false;
        button.textContent = name;
      });
  });
}
