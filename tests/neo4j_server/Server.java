import java.nio.file.Path;
import java.util.Map;

import org.neo4j.configuration.connectors.ConnectorPortRegister;
import org.neo4j.configuration.connectors.ConnectorType;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/** A Neo4j for tests. Arguments: neo4j.conf, folder, password. Prints its port; ends when its input ends. */
class Server {
    public static void main(String[] arguments) throws Exception {
        var neo4j = new DatabaseManagementServiceBuilder(Path.of(arguments[1]))
                .loadPropertiesFromFile(Path.of(arguments[0]))
                .build();
        try (var transaction = neo4j.database("system").beginTx()) {
            transaction.execute(
                    "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", arguments[2]))
                    .close();
            transaction.commit();
        } catch (org.neo4j.graphdb.QueryExecutionException same) {
            // A server that was started in this folder before has the password, and takes it for a mistake to set it again.
        }
        var ports = ((GraphDatabaseAPI) neo4j.database("neo4j")).getDependencyResolver()
                .resolveDependency(ConnectorPortRegister.class);
        System.out.println("port " + ports.getLocalAddress(ConnectorType.BOLT).getPort());
        while (System.in.read() >= 0) { }
        System.exit(0);
    }
}
