import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.digidoc4j.Configuration;
import org.digidoc4j.Container;
import org.digidoc4j.ContainerOpener;
import org.digidoc4j.ContainerValidationResult;
import org.digidoc4j.exceptions.DigiDoc4JException;
import org.digidoc4j.impl.asic.AsicContainer;
import org.digidoc4j.impl.asic.tsl.TSLCertificateSourceImpl;

/**
 * Judges containers with digidoc4j: {@code Judge TIME TRUSTED.cer... -- CONTAINER...}.
 *
 * <p>The certificates stand for a trusted list: authorities, responders and time-stamp authorities.
 * Prints a line for each container: its path, a tab, {@code valid} or what is wrong.
 */
class Judge {
    public static void main(String[] arguments) throws Exception {
        Date time = Date.from(Instant.parse(arguments[0]));
        TSLCertificateSourceImpl trusted = new TSLCertificateSourceImpl();
        int place = 1;
        for (; !arguments[place].equals("--"); place++) {
            byte[] octets = Files.readAllBytes(Path.of(arguments[place]));
            trusted.addTSLCertificate(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(octets)));
        }
        Configuration configuration = new Configuration(Configuration.Mode.TEST);
        configuration.setTSL(trusted);
        for (place++; place < arguments.length; place++) {
            System.out.println(arguments[place] + "\t" + judge(arguments[place], configuration, time));
        }
        // Its threads for trusted lists stay.
        System.exit(0);
    }

    private static String judge(String path, Configuration configuration, Date time) {
        try {
            Container container = ContainerOpener.open(path, configuration);
            ContainerValidationResult result = ((AsicContainer) container).validateAt(time);
            if (container.getSignatures().isEmpty()) {
                return "no signature";
            }
            List<String> wrong = new ArrayList<>();
            for (DigiDoc4JException error : result.getErrors()) {
                wrong.add(error.getMessage());
            }
            for (DigiDoc4JException error : result.getContainerErrors()) {
                wrong.add(error.getMessage());
            }
            return result.isValid() && wrong.isEmpty() ? "valid" : String.join("; ", wrong);
        } catch (Exception error) {
            return error.toString().replaceAll("\\s+", " ");
        }
    }
}
