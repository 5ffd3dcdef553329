document.documentElement.classList.add("acme");
