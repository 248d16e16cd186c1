"""LocalStack's web server, listening only where it is told to."""

from localstack.aws.serving.twisted import TLSMultiplexerFactory
from localstack.runtime.server.core import RuntimeServer, RuntimeServerPlugin
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import endpoints, reactor, ssl

from localstack import config


class LoopbackServer(TwistedRuntimeServer):
    """LocalStack 4.10's own server drops the host of GATEWAY_LISTEN and listens on every network of the machine."""

    def register(
        self, gateway: Gateway, listen: list[config.HostAndPort], ssl_creds: tuple[str, str] | None = None
    ) -> None:
        """Bind each address of `listen`; TLS and plain HTTP share a port when there is a certificate."""
        factory = _with_tls(TwistedGateway(gateway), ssl_creds) if ssl_creds else TwistedGateway(gateway)
        for address in listen:
            endpoints.TCP4ServerEndpoint(reactor, address.port, interface=address.host).listen(factory)


class LoopbackServerPlugin(RuntimeServerPlugin):
    """Selected by GATEWAY_SERVER=loopback."""

    name = "loopback"

    def load(self, *_: object, **__: object) -> RuntimeServer:
        return LoopbackServer()


def _with_tls(site: TwistedGateway, ssl_creds: tuple[str, str]) -> TLSMultiplexerFactory:
    certificate, key = ssl_creds
    context = ssl.DefaultOpenSSLContextFactory(key, certificate)
    context.getContext().use_certificate_chain_file(certificate)
    return TLSMultiplexerFactory(context, False, site)
