document.addEventListener("srm-site:updated", function () {});
