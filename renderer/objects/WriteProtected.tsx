/** Why buttons that change something are off. */
export const WriteProtected = () => (
  <p className="muted">
    The token is write protected (<code>CKF_WRITE_PROTECTED</code>): nothing on it can be changed or deleted.
  </p>
);
