/**
 * Where vendors' installers and distributions put PKCS#11 libraries. Only candidates: whether one is there and loads
 * is always tried, never assumed.
 *
 * An entry is an absolute path, or a name that is looked for in the search folders of the platform
 * (search-folders.ts). `<triplet>` stands for the machine's multiarch folder (x86_64-linux-gnu and so on), `%NAME%`
 * for a Windows environment variable.
 */
export interface KnownLibrary {
  vendor: string;
  linux?: string[];
  darwin?: string[];
  win32?: string[];
  /** What it needs to be useful. */
  hint?: string;
  /** LibraryParameters with which C_Initialize is tried, for a library that refuses without. */
  tryWith?: string;
  /** Loads further libraries that something else names, so it is not loaded just to see whether it works. */
  loadsOthers?: true;
}

const system32 = (...names: string[]): string[] => names.map((name) => `%SystemRoot%\\System32\\${name}`);
const programFiles = (...names: string[]): string[] =>
  names.flatMap((name) => [`%ProgramFiles%\\${name}`, `%ProgramFiles(x86)%\\${name}`]);

export const knownLibraries: KnownLibrary[] = [
  {
    vendor: "OpenSC (Nitrokey HSM 2, SmartCard-HSM, PIV, many eIDs)",
    linux: ["opensc-pkcs11.so", "/snap/firefox/current/usr/lib/<triplet>/opensc-pkcs11.so"],
    darwin: ["/Library/OpenSC/lib/opensc-pkcs11.so", "/Library/OpenSC/lib/pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"],
    win32: [...programFiles("OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll"), ...system32("opensc-pkcs11.dll")],
    hint: "Readers are seen through the PC/SC service (pcscd), which must run.",
  },
  {
    vendor: "OpenSC, user PIN only",
    linux: ["onepin-opensc-pkcs11.so"],
    darwin: ["/Library/OpenSC/lib/onepin-opensc-pkcs11.so", "onepin-opensc-pkcs11.so"],
    win32: [
      ...programFiles("OpenSC Project\\OpenSC\\pkcs11\\onepin-opensc-pkcs11.dll"),
      ...system32("onepin-opensc-pkcs11.dll"),
    ],
    hint: "Shows only the first PIN's slot of a card; OpenSC's other module shows all.",
  },
  {
    vendor: "OpenSC spy (records the calls to another module)",
    linux: ["pkcs11-spy.so"],
    darwin: ["/Library/OpenSC/lib/pkcs11-spy.so", "pkcs11-spy.so"],
    win32: programFiles("OpenSC Project\\PKCS11-Spy\\pkcs11-spy.dll", "OpenSC Project\\OpenSC\\pkcs11\\pkcs11-spy.dll"),
    hint: "Needs the environment variable PKCS11SPY with the path of the module to be recorded. Its record contains PINs.",
    loadsOthers: true,
  },
  {
    vendor: "p11-kit proxy (all modules that p11-kit knows)",
    linux: ["p11-kit-proxy.so"],
    darwin: ["p11-kit-proxy.dylib", "/opt/local/lib/p11-kit-proxy.dylib"],
    hint: "Loads every module of p11-kit's configuration, also remote ones, into one process.",
    loadsOthers: true,
  },
  {
    vendor: "p11-kit client (a remote p11-kit server)",
    linux: ["p11-kit-client.so"],
    darwin: ["p11-kit-client.so", "p11-kit-client.dylib"],
    hint: "Needs P11_KIT_SERVER_ADDRESS with the socket that `p11-kit server` printed.",
  },
  {
    vendor: "p11-kit trust (the system's CA certificates, read-only)",
    linux: ["p11-kit-trust.so"],
    darwin: ["p11-kit-trust.so", "p11-kit-trust.dylib"],
  },
  {
    vendor: "CardContact sc-hsm-embedded (SmartCard-HSM, Nitrokey HSM 2)",
    linux: ["libsc-hsm-pkcs11.so"],
    darwin: ["libsc-hsm-pkcs11.so", "libsc-hsm-pkcs11.dylib"],
    win32: programFiles("CardContact\\sc-hsm-pkcs11\\lib\\sc-hsm-pkcs11.dll"),
  },
  {
    vendor: "SoftHSM 2",
    linux: ["softhsm/libsofthsm2.so", "libsofthsm2.so"],
    darwin: ["softhsm/libsofthsm2.so", "libsofthsm2.so", "libsofthsm2.dylib"],
    win32: ["C:\\SoftHSM2\\lib\\softhsm2-x64.dll", ...programFiles("SoftHSM2\\lib\\softhsm2-x64.dll")],
    hint: "Uses the store of the system's softhsm2.conf unless SOFTHSM2_CONF names another configuration file.",
  },
  {
    vendor: "Kryoptic",
    linux: ["libkryoptic_pkcs11.so"],
    darwin: ["libkryoptic_pkcs11.dylib"],
    hint: "Needs a configuration: KRYOPTIC_CONF, or library parameters such as kryoptic.conf's path.",
  },
  {
    vendor: "NSS softokn (key stores of Firefox and Thunderbird)",
    linux: ["nss/libsoftokn3.so", "libsoftokn3.so"],
    darwin: ["/opt/homebrew/opt/nss/lib/libsoftokn3.dylib", "/usr/local/opt/nss/lib/libsoftokn3.dylib"],
    win32: programFiles("Mozilla Firefox\\softokn3.dll"),
    hint: "Needs library parameters that name its database, e.g. configdir='sql:/home/you/.pki/nssdb'.",
    tryWith: "configdir='' certPrefix='' keyPrefix='' secmod='' flags=noCertDB,noModDB",
  },
  {
    vendor: "YubiKey PIV (ykcs11)",
    linux: ["libykcs11.so", "libykcs11.so.2", "libykcs11.so.1"],
    darwin: ["libykcs11.dylib", "libykcs11.2.dylib"],
    win32: [
      ...programFiles("Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll"),
      ...system32("libykcs11.dll", "libykcs11-1.dll"),
    ],
    hint: "Readers are seen through the PC/SC service (pcscd), which must run.",
  },
  {
    vendor: "YubiHSM 2",
    linux: ["yubihsm_pkcs11.so"],
    darwin: ["yubihsm_pkcs11.dylib"],
    win32: programFiles("Yubico\\YubiHSM Shell\\bin\\pkcs11\\yubihsm_pkcs11.dll"),
    hint: "Needs YUBIHSM_PKCS11_CONF with a configuration file that names its connector.",
  },
  {
    vendor: "Nitrokey NetHSM",
    linux: ["libnethsm_pkcs11.so"],
    darwin: ["libnethsm_pkcs11.dylib"],
    win32: [...system32("nethsm_pkcs11.dll"), ...programFiles("Nitrokey\\NetHSM\\nethsm_pkcs11.dll")],
    hint: "Needs P11NETHSM_CONFIG_FILE with the configuration file that names its NetHSM.",
  },
  {
    vendor: "TPM 2.0 (tpm2-pkcs11)",
    linux: ["libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1", "libtpm2_pkcs11.so.0"],
    hint: "Needs access to the TPM (group tss) and a store made with tpm2_ptool (TPM2_PKCS11_STORE).",
  },
  {
    vendor: "SafeNet eToken and IDPrime (SAC)",
    linux: ["libeTPkcs11.so", "libeToken.so", "libIDPrimePKCS11.so"],
    darwin: ["/usr/local/lib/libeTPkcs11.dylib"],
    win32: [
      ...system32("eTPKCS11.dll"),
      "%ProgramFiles%\\SafeNet\\Authentication\\SAC\\x64\\IDPrimePKCS1164.dll",
      "%ProgramFiles%\\SafeNet\\Authentication\\SAC\\x32\\IDPrimePKCS11.dll",
    ],
  },
  {
    vendor: "Gemalto IDGo 800 and Classic Client",
    linux: ["libIDPrimePKCS11.so", "libgclib.so", "/usr/lib/ClassicClient/libgclib.so"],
    darwin: ["/usr/local/lib/libidprimepkcs11.0.dylib", "/usr/local/lib/pkcs11/libidprimepkcs11.dylib"],
    win32: programFiles("Gemalto\\IDGo 800 PKCS#11\\IDPrimePKCS1164.dll", "Gemalto\\Classic Client\\BIN\\gclib.dll"),
  },
  {
    vendor: "Thales Luna",
    linux: [
      "/usr/safenet/lunaclient/lib/libCryptoki2_64.so",
      "/opt/safenet/lunaclient/lib/libCryptoki2_64.so",
      "/opt/lunaclient/libs/64/libCryptoki2.so",
    ],
    darwin: ["libCryptoki2_64.dylib", "/usr/safenet/lunaclient/lib/libCryptoki2_64.dylib"],
    win32: programFiles("SafeNet\\LunaClient\\cryptoki.dll"),
    hint: "Needs its client configuration (/etc/Chrystoki.conf, or ChrystokiConfigurationPath).",
  },
  {
    vendor: "Entrust nShield",
    linux: ["/opt/nfast/toolkits/pkcs11/libcknfast.so"],
    darwin: ["/opt/nfast/toolkits/pkcs11/libcknfast.dylib", "libcknfast.dylib"],
    win32: programFiles(
      "nCipher\\nfast\\toolkits\\pkcs11\\cknfast-64.dll",
      "nCipher\\nfast\\toolkits\\pkcs11\\cknfast.dll",
    ),
    hint: "Needs the nShield hardserver; CKNFAST_LOADSHARING and others change what slots it shows.",
  },
  {
    vendor: "Utimaco",
    linux: ["/opt/utimaco/lib/libcs_pkcs11_R3.so", "/opt/utimaco/lib/libcs_pkcs11_R2.so", "libcs_pkcs11_R3.so"],
    darwin: ["libcs_pkcs11_R3.dylib"],
    win32: [...system32("cs_pkcs11_R3.dll"), ...programFiles("Utimaco\\SecurityServer\\Lib\\cs_pkcs11_R3.dll")],
    hint: "Needs cs_pkcs11_R3.cfg in /etc/utimaco or /opt/utimaco, or CS_PKCS11_R3_CFG with its path.",
  },
  {
    vendor: "AWS CloudHSM",
    linux: ["/opt/cloudhsm/lib/libcloudhsm_pkcs11.so"],
    win32: programFiles("Amazon\\CloudHSM\\lib\\cloudhsm_pkcs11.dll"),
  },
  {
    vendor: "Google Cloud KMS",
    linux: ["/usr/local/lib/kms/libkmsp11.so", "libkmsp11.so"],
    hint: "Needs KMS_PKCS11_CONFIG with the path of its YAML configuration.",
  },
  {
    vendor: "Belgian eID",
    linux: ["libbeidpkcs11.so", "libbeidpkcs11.so.0"],
    darwin: [
      "/usr/local/lib/beid-pkcs11.bundle/Contents/MacOS/libbeidpkcs11.dylib",
      "/Library/Belgium Identity Card/Pkcs11/beid-pkcs11.bundle/Contents/MacOS/libbeidpkcs11.dylib",
    ],
    win32: [...system32("beidpkcs11.dll"), ...system32("libbeidpkcs11.dll")],
  },
  {
    vendor: "Estonian eID",
    darwin: ["/Library/EstonianIDCard/lib/esteid-pkcs11-onepin.so"],
  },
  {
    vendor: "Feitian ePass2003",
    linux: ["libcastle.so.1.0.0", "libcastle_v2.so.1.0.0"],
    darwin: ["/usr/local/lib/libcastle.1.0.0.dylib"],
    win32: system32("eps2003csp11.dll"),
  },
  {
    vendor: "Rutoken ECP",
    linux: ["librtpkcs11ecp.so", "/opt/aktivco/rutokenecp/amd64/librtpkcs11ecp.so"],
    darwin: ["/usr/local/lib/librtpkcs11ecp.dylib"],
    win32: system32("rtPKCS11ECP.dll"),
  },
  {
    vendor: "AET SafeSign",
    linux: ["libaetpkss.so", "libaetpkss.so.3"],
    darwin: ["/usr/local/lib/libaetpkss.dylib", "/Applications/tokenadmin.app/Contents/Frameworks/libaetpkss.dylib"],
    win32: system32("aetpkss1.dll"),
  },
  {
    vendor: "Bit4id",
    linux: ["bit4id/libbit4opki.so", "bit4id/libbit4xpki.so", "libbit4xpki.so"],
    darwin: ["/System/Library/bit4id/libbit4xpki.dylib", "/Library/bit4id/pkcs11/libbit4xpki.dylib"],
    win32: system32("bit4xpki.dll", "bit4ipki.dll", "bit4opki.dll"),
  },
  {
    vendor: "Athena IDProtect",
    linux: ["x64-athena/libASEP11.so", "libASEP11.so"],
    darwin: ["/Library/Application Support/Athena/libASEP11.dylib"],
    win32: system32("asepkcs.dll"),
  },
  {
    vendor: "Atos CardOS API",
    linux: ["libcardos11.so"],
    darwin: ["/usr/local/lib/libcardos11.dylib"],
    win32: system32("cardos11.dll", "cardos11_64.dll"),
  },
  { vendor: "Certum", win32: system32("cryptoCertum3PKCS.dll") },
  {
    vendor: "Nexus Personal",
    win32: programFiles("Personal\\bin64\\personal64.dll", "Personal\\bin\\personal.dll"),
  },
  {
    vendor: "idopte SCM",
    linux: ["SCMiddleware/libidop11.so"],
    darwin: ["/Library/SCMiddleware/libidop11.dylib"],
    win32: programFiles("Smart Card Middleware\\bin\\idoPKCS.dll"),
  },
];
