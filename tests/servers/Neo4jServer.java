import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.configuration.ssl.SslPolicyConfig;
import org.neo4j.configuration.ssl.SslPolicyScope;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Real Neo4j community server with Bolt on 127.0.0.1. Arguments: data folder, port, process id of the owner (0: none).
 * The password of the user neo4j is taken from the environment variable SERVER_PASSWORD when the data folder is new. Where SERVER_TLS names a folder with
 * private.key (PKCS #8) and public.crt, every connection has to be encrypted with them. Stops when the owner is gone.
 */
public class Neo4jServer {
  public static void main(String[] args) throws Exception {
    long owner = Long.parseLong(args[2]);
    boolean fresh = !Files.exists(Path.of(args[0], "data"));
    DatabaseManagementServiceBuilder builder =
        new DatabaseManagementServiceBuilder(Path.of(args[0]))
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(args[1])))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .setConfig(GraphDatabaseSettings.pagecache_memory, 128L << 20)
            .setConfig(GraphDatabaseSettings.memory_transaction_max_size, 256L << 20);
    String keys = System.getenv("SERVER_TLS");
    if (keys != null && !keys.isEmpty()) {
      SslPolicyConfig policy = SslPolicyConfig.forScope(SslPolicyScope.BOLT);
      builder
          .setConfig(BoltConnector.encryption_level, BoltConnector.EncryptionLevel.REQUIRED)
          .setConfig(policy.enabled, true)
          .setConfig(policy.base_directory, Path.of(keys))
          .setConfig(policy.private_key, Path.of(keys, "private.key"))
          .setConfig(policy.public_certificate, Path.of(keys, "public.crt"));
    }
    DatabaseManagementService server = builder.build();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    if (fresh)
      server
          .database("system")
          .executeTransactionally(
              "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", System.getenv("SERVER_PASSWORD")));
    System.out.println("READY");
    while (owner == 0 || ProcessHandle.of(owner).map(ProcessHandle::isAlive).orElse(false)) Thread.sleep(1000);
    System.exit(0);
  }
}
