// A browser starts no worker for a page that was opened from disk, and search runs in one: there its script runs in a hidden
// frame instead, which the page talks to in the same way.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      inside.importScripts = async (...urls) => {
        for (const each of urls) await run(inside.document, each);
      };
      this.ready = run(inside.document, url);
    }

    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  };

  function run(page, url) {
    return new Promise((loaded, failed) => {
      const script = page.createElement("script");
      script.onload = loaded;
      script.onerror = () => failed(new Error(`${url} can't be loaded`));
      script.src = url;
      page.body.append(script);
    });
  }
}
