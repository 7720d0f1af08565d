import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * CMS messages with BouncyCastle: {@code make CONTENT FOLDER ALGORITHM...} signs the content with a
 * new key of each algorithm; {@code verify CERTIFICATE CONTENT MESSAGE...} verifies values, not paths.
 *
 * <p>Makes {@code ALGORITHM.cer}, the key {@code ALGORITHM.key} in PKCS #8, and attached messages {@code ALGORITHM.attributes.p7m} and
 * {@code ALGORITHM.bare.p7m}. Of each message that it verifies it prints the path, a tab, and
 * {@code intact} or what is wrong; the content is for those that hold none.
 */
class Messages {
    private static final String PROVIDER = "BC";

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        List<String> rest = List.of(arguments).subList(3, arguments.length);
        switch (arguments[0]) {
            case "make" -> {
                byte[] content = Files.readAllBytes(Path.of(arguments[1]));
                for (String algorithm : rest) {
                    make(content, Path.of(arguments[2]), algorithm);
                }
            }
            case "verify" -> {
                X509CertificateHolder certificate =
                        new X509CertificateHolder(Files.readAllBytes(Path.of(arguments[1])));
                byte[] content = Files.readAllBytes(Path.of(arguments[2]));
                for (String message : rest) {
                    System.out.println(message + "\t" + verify(certificate, content, message));
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void make(byte[] content, Path folder, String algorithm) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance(algorithm, PROVIDER).generateKeyPair();
        ContentSigner signer =
                new JcaContentSignerBuilder(algorithm)
                        .setProvider(PROVIDER)
                        .build(keys.getPrivate());
        X500Name name = new X500Name("CN=Qonaq");
        Instant now = Instant.now();
        X509CertificateHolder certificate =
                new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minusSeconds(3_600)),
                                Date.from(now.plusSeconds(86_400)),
                                name,
                                keys.getPublic())
                        .build(signer);
        Files.write(folder.resolve(algorithm + ".cer"), certificate.getEncoded());
        Files.write(folder.resolve(algorithm + ".key"), keys.getPrivate().getEncoded());
        for (boolean isBare : new boolean[] {false, true}) {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(
                                    new JcaDigestCalculatorProviderBuilder().build())
                            .setDirectSignature(isBare)
                            .build(signer, certificate));
            generator.addCertificates(new JcaCertStore(List.of(certificate)));
            CMSSignedData message =
                    generator.generate(new CMSProcessableByteArray(content), true);
            String form = isBare ? "bare" : "attributes";
            Path path = folder.resolve(algorithm + "." + form + ".p7m");
            Files.write(path, message.toASN1Structure().getEncoded("DER"));
        }
    }

    private static String verify(X509CertificateHolder certificate, byte[] content, String path) {
        try {
            byte[] octets = Files.readAllBytes(Path.of(path));
            CMSSignedData message = new CMSSignedData(octets);
            if (message.getSignedContent() == null) {
                message = new CMSSignedData(new CMSProcessableByteArray(content), octets);
            }
            List<SignerInformation> signers =
                    List.copyOf(message.getSignerInfos().getSigners());
            if (signers.isEmpty()) {
                return "no signature";
            }
            for (SignerInformation signer : signers) {
                boolean isIntact =
                        signer.verify(
                                new JcaSimpleSignerInfoVerifierBuilder()
                                        .setProvider(PROVIDER)
                                        .build(certificate));
                if (!isIntact) {
                    return "the value does not fit";
                }
            }
            return "intact";
        } catch (Exception error) {
            return error.toString().replaceAll("\\s+", " ");
        }
    }
}
