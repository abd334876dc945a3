// Makes and shows passkeys. A form says what it wants: data-passkey="create", "get", or "fetch" (options by request).

const letters = { "+": "-", "/": "_", "=": "" };
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/[+/=]/g, (letter) => letters[letter]);
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

/** The options as the browser wants them: what is random or a key comes as text and goes as bytes. */
function opened(options) {
  const key = structuredClone(options.publicKey);
  key.challenge = toBytes(key.challenge);
  if (key.user) key.user.id = toBytes(key.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const one of key[list] ?? []) one.id = toBytes(one.id);
  }
  return { publicKey: key };
}

/** What the device answered, as text. */
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "fetch") return JSON.parse(form.querySelector(".passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  return (await answer.json()).request_options;
}

async function send(form) {
  const options = opened(await optionsOf(form));
  const passwordless = form.querySelector("[name=passwordless]");
  if (passwordless) {
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = passwordless.checked ? "required" : "discouraged";
    wanted.requireResidentKey = passwordless.checked;
    if (passwordless.checked) wanted.userVerification = "required";
  }
  const ask = form.dataset.passkey === "create" ? "create" : "get";
  const credential = await navigator.credentials[ask](options);
  form.querySelector("[name=credential]").value = JSON.stringify(written(credential));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential && window.isSecureContext) form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form).catch(() => {
      form.querySelector("[role=alert]").hidden = false;
    });
  });
}
