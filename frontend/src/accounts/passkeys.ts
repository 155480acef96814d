// Passkeys as JSON and as browsers take them: their bytes are base64url text on the way.

/** Bytes of base64url text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

/** Base64url text of bytes. */
export function textOf(bytes: ArrayBuffer): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

interface Described {
  id: string;
  type: "public-key";
}

export interface CreationJson {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Described[];
  [more: string]: unknown;
}

export interface RequestJson {
  challenge: string;
  allowCredentials?: Described[];
  [more: string]: unknown;
}

const described = (one: Described): PublicKeyCredentialDescriptor => ({ ...one, id: bytesOf(one.id) });

/** What `navigator.credentials.create` takes. */
export function creationOf(told: CreationJson): PublicKeyCredentialCreationOptions {
  return {
    ...(told as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytesOf(told.challenge),
    user: { ...told.user, id: bytesOf(told.user.id) },
    excludeCredentials: (told.excludeCredentials ?? []).map(described),
  };
}

/** What `navigator.credentials.get` takes. */
export function requestOf(told: RequestJson): PublicKeyCredentialRequestOptions {
  return {
    ...(told as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytesOf(told.challenge),
    allowCredentials: (told.allowCredentials ?? []).map(described),
  };
}

/** What a device answered, as JSON. */
export function answerOf(credential: PublicKeyCredential): Record<string, unknown> {
  const answer = credential.response;
  const response: Record<string, string> = { clientDataJSON: textOf(answer.clientDataJSON) };
  if ("attestationObject" in answer) {
    response["attestationObject"] = textOf((answer as AuthenticatorAttestationResponse).attestationObject);
  } else {
    const told = answer as AuthenticatorAssertionResponse;
    response["authenticatorData"] = textOf(told.authenticatorData);
    response["signature"] = textOf(told.signature);
    if (told.userHandle) response["userHandle"] = textOf(told.userHandle);
  }
  return { id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response };
}

/** Whether this browser keeps passkeys. */
export const known = (): boolean => "PublicKeyCredential" in window;
