/** Tabs of the screen "Certificates", in their order. What each shows is in CertificatesScreen. */
export const certificatesTabs = {
  /** `what`: how the command palette calls it. */
  view: { title: "View", what: "certificates, requests, lists and keys of files" },
  issued: { title: "Issued", what: "what CAs on tokens have issued" },
  expiring: { title: "Expiring", what: "when certificates end" },
  stores: { title: "Trust stores", what: "trust stores for other programs" },
} as const;

export type CertificatesTab = keyof typeof certificatesTabs;
