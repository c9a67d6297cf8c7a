/** Files and texts with certificates, requests, lists and keys, and what they say. */
export const ViewTab = () => (
  <div className="work-body">
    <p className="muted">No certificate is open.</p>
  </div>
);
