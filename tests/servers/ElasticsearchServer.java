import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Real Elasticsearch node (core and HTTP) on 127.0.0.1. Arguments: data folder, port, process id of the owner (0: none). Stops when the
 * owner is gone.
 */
public class ElasticsearchServer {
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    long owner = Long.parseLong(args[2]);
    LogConfigurator.configureESLogging();
    LogConfigurator.setNodeName("tests");
    Settings settings =
        Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "fazhi-tests")
            .put("node.name", "tests")
            .put("discovery.type", "single-node")
            .put("http.host", "127.0.0.1")
            .put("http.port", args[1])
            .put("transport.host", "127.0.0.1")
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    Environment environment = new Environment(settings, home.resolve("config"));
    PluginsLoader modules =
        PluginsLoader.createPluginsLoader(PluginsLoader.loadModulesBundles(home.resolve("modules")), Set.of(), Map.of());
    Node node = new Node(environment, modules);
    node.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (Exception error) {
                    error.printStackTrace();
                  }
                }));
    System.out.println("READY");
    while (owner == 0 || ProcessHandle.of(owner).map(ProcessHandle::isAlive).orElse(false)) Thread.sleep(1000);
    System.exit(0);
  }
}
