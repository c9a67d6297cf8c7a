import java.io.FileInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Prints how Java writes the subjects of certificate files: a line each by toString and by RFC 1779. */
public class PrintNames {
  public static void main(String[] files) throws Exception {
    var out = new java.io.PrintStream(System.out, true, "UTF-8");
    for (String file : files) {
      try (var stream = new FileInputStream(file)) {
        var certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
        out.println(certificate.getSubjectX500Principal().toString());
        out.println(certificate.getSubjectX500Principal().getName("RFC1779"));
      }
    }
  }
}
