import { join } from "node:path";
import { appEntitlements } from "./packaging/mac-entitlements.mjs";
import { signMac } from "./packaging/sign-mac.mjs";
import { root } from "./setup/places.mjs";

/**
 * Packages of the Electron shell: `npm run package`, on the system that they are for.
 * @type {import("electron-builder").Configuration}
 */
const config = {
  appId: "app.tokenglass.Tokenglass",
  productName: "Tokenglass",
  copyright: "Licensed under the Apache License 2.0",
  directories: { output: "dist/packages", buildResources: "build/icons" },
  extraMetadata: { main: "dist/main/electron.js" },
  // Everything but the PKCS#11 binding is in the bundles, which is why it alone is a dependency and not a
  // development dependency in package.json. The modules that tests load (dist/native) stay at home.
  files: [
    "dist/main/**/*",
    "dist/preload/**/*",
    "dist/renderer/**/*",
    "!**/*.map",
    "package.json",
    "LICENSE",
    "!node_modules/pkcs11js/{src,includes,binding.gyp}",
    "!node_modules/pkcs11js/build/{*,Release/obj.target,Release/.deps}",
    "node_modules/pkcs11js/build/Release/pkcs11.node",
    "dist/native/pin-pad.node",
    // Only read and copied, never loaded from here.
    "dist/native/tokenglass-{spy,audit}.*",
  ],
  // Without it electron-builder would leave all of a package outside that has native code, where nothing is checked.
  asar: { smartUnpack: false },
  // The system's loader cannot read from an archive. The token host's JavaScript stays inside, where its integrity is
  // checked: utility processes read archives as the main process does.
  asarUnpack: ["**/*.node"],
  // pkcs11js uses Node-API only, which is the same in Node and Electron: the set-up's build of it fits.
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  },
  publish: null,
  linux: {
    target: ["deb", "AppImage"],
    category: "Utility",
    icon: "build/icons",
    synopsis: "See and manage PKCS#11 tokens",
    maintainer: "Tokenglass <noreply@tokenglass.invalid>",
    desktop: { entry: { Keywords: "PKCS#11;HSM;smart card;token;certificate;SoftHSM;" } },
  },
  // What Electron itself needs, electron-builder names; this is for the demo token.
  deb: { recommends: ["softhsm2"] },
  mac: {
    target: ["dmg"],
    category: "public.app-category.utilities",
    icon: "build/icons/1024x1024.png",
    hardenedRuntime: true,
    gatekeeperAssess: false,
    // One file for each part: see packaging/mac-entitlements.mjs. These are what stays if the hook were left out.
    entitlements: appEntitlements,
    entitlementsInherit: appEntitlements,
    sign: signMac,
    notarize: true,
  },
  win: {
    target: ["nsis"],
    icon: "build/icons/512x512.png",
  },
  nsis: {
    // A folder that only administrators may write: a token tool should not be replaceable by any program of the user.
    oneClick: false,
    perMachine: true,
    allowToChangeInstallationDirectory: true,
    license: join(root, "LICENSE"),
  },
};

export default config;
