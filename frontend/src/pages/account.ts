// Adding a passkey to one's own account.
import { answerOf, creationOf, known, type CreationJson } from "../accounts/passkeys";
import { pageData, Refused, send } from "../http";

const words = pageData<{ fault: string }>();
const form = document.getElementById("add-passkey") as HTMLFormElement | null;
const fault = document.getElementById("passkey-fault");

async function add(label: string): Promise<void> {
  const told = await send<{ publicKey: CreationJson }>("POST", "/api/account/passkeys/options");
  const credential = await navigator.credentials.create({ publicKey: creationOf(told.publicKey) });
  await send("POST", "/api/account/passkeys", { label, credential: answerOf(credential as PublicKeyCredential) });
  location.assign("/account?done=passkey");
}

if (form && known()) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (fault) fault.hidden = true;
    add(String(new FormData(form).get("label") ?? "")).catch((error: unknown) => {
      if (!fault) return;
      fault.textContent = error instanceof Refused ? `${error.title}: ${error.detail}` : words.fault;
      fault.hidden = false;
    });
  });
}
