import { expect, test } from "vitest";
import { deviceRules } from "./device-class.ts";

const smartCardHsms = [
  ["www.CardContact.de", "PKCS#15 emulated"],
  ["CardContact (www.cardcontact.de)", "SmartCard-HSM"],
  ["Nitrokey", "Nitrokey HSM"],
  ["Pol Henarejos", "Pico-HSM"],
];

test.each(smartCardHsms)("%s %s has no SO login and an SO PIN of 16 digits", (manufacturerID, model) => {
  const rules = deviceRules({ manufacturerID, model });
  expect(rules.soLoginRefused).toContain("no SO login");
  expect(rules.soPinLength).toEqual({ min: 16, max: 16 });
});

const others = [
  ["SoftHSM project", "SoftHSM v2"],
  ["piv_II", "PKCS#15 emulated"],
  ["Nitrokey GmbH", "NetHSM"],
  ["Yubico", "YubiHSM"],
];

test.each(others)("%s %s is an ordinary token", (manufacturerID, model) => {
  expect(deviceRules({ manufacturerID, model })).toMatchObject({ soLoginRefused: null, soPinLength: null });
});
