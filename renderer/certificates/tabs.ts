/** Tabs of the screen "Certificates", in their order. What each shows is in CertificatesScreen. */
export const certificatesTabs = {
  /** `what`: how the command palette calls it. */
  view: { title: "View", what: "certificates, requests, lists and keys of files" },
  expiring: { title: "Expiring", what: "when certificates end" },
} as const;

export type CertificatesTab = keyof typeof certificatesTabs;
