console.log(document.body.dataset.kind);
