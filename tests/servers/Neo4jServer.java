import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Real Neo4j community server with Bolt on 127.0.0.1. Arguments: data folder, port, process id of the owner (0: none).
 * The password of the user neo4j is taken from the environment variable SERVER_PASSWORD when the data folder is new. Stops when the owner is gone.
 */
public class Neo4jServer {
  public static void main(String[] args) throws Exception {
    long owner = Long.parseLong(args[2]);
    boolean fresh = !Files.exists(Path.of(args[0], "data"));
    DatabaseManagementService server =
        new DatabaseManagementServiceBuilder(Path.of(args[0]))
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(args[1])))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .setConfig(GraphDatabaseSettings.pagecache_memory, 128L << 20)
            .setConfig(GraphDatabaseSettings.memory_transaction_max_size, 256L << 20)
            .build();
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
