import { verifiedRequest } from "../harness/openssl.ts";
import { expect, screens, test } from "./harness/window.ts";
import { openToken } from "./screens/objects-screen.ts";
import { RequestScreen } from "./screens/request-screen.ts";
import { pins } from "./screens/token-screen.ts";

const ecKey = { kind: "EC", curve: "P-256", preset: "sign" } as const;

test("a certificate is requested with a preset, names are checked while typed, and its reply is taken next", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "web server" } });
  const request = new RequestScreen(page);
  await request.object("Private key", "web server").click();
  await request.moreOfObject(/Request a certificate/);
  await expect(request.field("Subject")).toHaveValue("CN=web server");
  await screens(page, "request-fresh");

  await request.preset("TLS server").click();
  await expect(request.dialog).toContainText("Browsers look for a server's name among the alternative names only");
  await request.field("Name 1").fill("not a name");
  await expect(request.dialog).toContainText('"not a name" is no DNS name');
  await expect(request.button("Make request")).toBeDisabled();
  await screens(page, "request-wrong-name");
  await request.field("Name 1").fill("www.example.org");
  await request.button("Add a name").click();
  await request.field("Name 2").fill("bücher.example");
  await expect(request.preview).toContainText("DNS xn--bcher-kva.example");

  await request.open("Field by field");
  await request.field("Organisation (O)").fill("Example, Ltd");
  await request.field("Country (C), two letters").fill("GB");
  await expect(request.field("Subject")).toHaveValue("CN=web server,O=Example\\, Ltd,C=GB");
  await request.field("Subject").fill("CN=www.example.org,O=Example,C=DE");
  await expect(request.field("Organisation (O)")).toHaveValue("Example");
  await screens(page, "request-fields");
  await request.open("Field by field");

  await request.open("Uses, CA and other extensions");
  await request.button("Add an extension").click();
  await request.field("OID 1").fill("1.2.3.4");
  await request.field("Value 1, DER in hexadecimal").fill("0c:02");
  await expect(request.dialog).toContainText("The value is not DER");
  await request.field("Value 1, DER in hexadecimal").fill("0c:02:68:69");
  await screens(page, "request-uses");
  await request.open("Uses, CA and other extensions");

  await request.choose("Signature", "ECDSA with SHA-384");
  await expect(request.button("Make request")).toBeEnabled();
  await request.button("Make request").click();
  await expect(request.dialog.getByRole("heading", { name: "Certificate request made" })).toBeVisible();
  await screens(page, "request-made");
  const text = verifiedRequest(await request.pem());
  for (const part of [
    "C = DE, O = Example, CN = www.example.org",
    "DNS:www.example.org, DNS:xn--bcher-kva.example",
    "TLS Web Server Authentication",
    "CA:FALSE",
    "ecdsa-with-SHA384",
    "1.2.3.4",
  ])
    expect(text).toContain(part);
  await request.button("Take the reply…").click();
  await expect(request.dialog).toContainText(/reply/i);
});

test("a key without its public key asks for it, and takes a certificate of it", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const { publicKey, id } = await call("keys.generate", { ...address, spec: { ...ecKey, label: "bare" } });
  if (!publicKey) throw new Error("no public key was made");
  const { handle, label } = publicKey;
  const object = { handle, class: "publicKey", label, id } as const;
  const spki = await call("objects.read", { ...address, object, format: "pem" });
  await call("objects.delete", { ...address, objects: [object] });
  const request = new RequestScreen(page);
  await request.object("Private key", "bare").click();
  await request.moreOfObject(/Request a certificate/);
  await expect(request.dialog).toContainText("The token shows no public key for this private key");
  await expect(request.button("Make request")).toBeDisabled();
  await screens(page, "request-no-public-key");
  await request.field("Public key or certificate").fill(spki.text ?? "");
  await request.button("Make request").click();
  await expect(request.dialog).toContainText("what was given");
  verifiedRequest(await request.pem());
});

test("from a public key one comes to its private key; a key that wants the PIN each time asks for it", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "careful", alwaysAuthenticate: true } });
  const request = new RequestScreen(page);
  await request.object("Public key", "careful").click();
  await request.moreOfObject(/Request a certificate/);
  await expect(request.dialog).toContainText('private key "careful"');
  await expect(request.button("Make request")).toBeDisabled();
  await request.field("User PIN for this use").fill("wrong-pin");
  await request.button("Make request").click();
  await expect(request.dialog).toContainText("CKR_PIN_INCORRECT");
  await screens(page, "request-wrong-pin");
  await request.field("User PIN for this use").fill(pins.user);
  await request.button("Make request").click();
  await expect(request.dialog.getByRole("heading", { name: "Certificate request made" })).toBeVisible();
});
