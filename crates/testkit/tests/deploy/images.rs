//! The content of the images, as `deploy/images/rootfs.sh` assembles it.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use testkit::{program, repository, run};

const SERVICES: [&str; 3] = ["catalogue", "search", "gateway"];
/// Everything but the program, in bytes.
const MAX_ROOT: u64 = 5 << 20;

/// The files below a directory, by their paths in it.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found.iter().map(|path| path.strip_prefix(dir).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn images_have_the_programs_their_libraries_and_no_shell() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().to_owned();
    let arguments = [out.clone()].into_iter().chain(SERVICES.map(program));
    let packed = run(repository().join("deploy/images/rootfs.sh"), arguments).await;
    assert_eq!(packed.code, Some(0), "{}{}", packed.out, packed.err);

    let root = out.join("root");
    let found = files(&root);
    for file in &found {
        let name = file.to_string_lossy();
        let known =
            name.contains(".so") || name.starts_with("etc/") || name.starts_with("usr/share/");
        assert!(known, "{name}");
    }
    let has = |name: &str| found.iter().any(|file| file.ends_with(name));
    for name in ["libc.so.6", "ca-certificates.crt", "passwd", "LICENSE"] {
        assert!(has(name), "{name} is missing: {found:?}");
    }
    let size: u64 = found.iter().map(|file| root.join(file).metadata().unwrap().len()).sum();
    assert!(size < MAX_ROOT, "{size} bytes");
    for service in SERVICES {
        let program = out.join("bin").join(service);
        assert_eq!(program.metadata().unwrap().permissions().mode() & 0o777, 0o755);
        // With the libraries of the image and no others.
        let loader = found
            .iter()
            .find(|file| file.starts_with("lib64") || file.to_string_lossy().contains("ld-linux"));
        let libraries =
            found.iter().filter_map(|file| root.join(file).parent().map(Path::to_owned));
        let libraries: Vec<_> = libraries.map(|dir| dir.display().to_string()).collect();
        let loader = root.join(loader.unwrap());
        let version = [
            "--inhibit-cache".to_owned(),
            "--library-path".to_owned(),
            libraries.join(":"),
            program.display().to_string(),
            "--version".to_owned(),
        ];
        let started = run(loader, version).await;
        assert_eq!(started.code, Some(0), "{service}: {}", started.err);
        assert!(started.out.starts_with(service), "{}", started.out);
    }
}
