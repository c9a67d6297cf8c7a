import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What a Java program sees of tokens through SunPKCS11. Many tokens in one run: starting Java takes longer than asking.
 *
 * Standard input: the PIN, the module's path, the message to sign in base64, then a line "slot port" for each token.
 * Standard output: lines of words divided by tabs, each beginning with the slot:
 *   slot key alias certificate chain-length signature   a private key entry; base64; signature "-" if none was made
 *   slot certificate alias                              a trusted certificate entry
 *   slot error step text                                step: store, sign, tls
 *   slot end                                            all was asked
 */
public class AskJava {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    char[] pin = in.readLine().toCharArray();
    String library = in.readLine();
    byte[] message = Base64.getDecoder().decode(in.readLine());
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      ask(words[0], Integer.parseInt(words[1]), library, pin, message);
      say(words[0], "end");
    }
  }

  static void ask(String slot, int port, String library, char[] pin, byte[] message) {
    String step = "store";
    try {
      Provider provider = Security.getProvider("SunPKCS11")
        .configure("--name=Slot" + slot + "\nlibrary=" + library + "\nslot=" + slot + "\n");
      Security.addProvider(provider);
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      for (String alias : Collections.list(store.aliases())) list(slot, store, alias, message, provider);
      step = "tls";
      connect(store, port);
    } catch (Throwable thrown) {
      fail(slot, step, thrown);
    }
  }

  static void list(String slot, KeyStore store, String alias, byte[] message, Provider provider) throws Exception {
    if (!store.isKeyEntry(alias)) {
      say(slot, "certificate", alias);
      return;
    }
    X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
    String signature = "-";
    try {
      PrivateKey key = (PrivateKey) store.getKey(alias, null);
      String type = certificate.getPublicKey().getAlgorithm();
      String name = type.equals("RSA") ? "SHA256withRSA" : type.equals("EC") ? "SHA256withECDSA" : "Ed25519";
      Signature signer = Signature.getInstance(name);
      signer.initSign(key);
      signer.update(message);
      signature = base64(signer.sign());
    } catch (Throwable thrown) {
      fail(slot, "sign", thrown);
    }
    int length = store.getCertificateChain(alias).length;
    say(slot, "key", alias, base64(certificate.getEncoded()), String.valueOf(length), signature);
  }

  /** As a TLS client that lets Java's default key manager choose. */
  static void connect(KeyStore store, int port) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, null);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] { new TrustsAll() }, null);
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20000);
      socket.startHandshake();
      socket.getInputStream().read();
    }
  }

  /** The server is not what is asked about. */
  static class TrustsAll implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String type) {}
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static void fail(String slot, String step, Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) cause = cause.getCause();
    String first = thrown.toString();
    say(slot, "error", step, cause == thrown ? first : first + " | " + cause);
  }

  static void say(String... words) {
    String[] clean = new String[words.length];
    for (int i = 0; i < words.length; i++) clean[i] = words[i].replaceAll("[\\t\\r\\n]", " ");
    System.out.println(String.join("\t", clean));
  }
}
